"""Facts about the country that no policy decides: regions, industries, size classes, calendar, money."""
