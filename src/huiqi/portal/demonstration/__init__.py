"""The demonstration: a site on a synthetic Honghe, with users for every role. Everything in it is made up."""
