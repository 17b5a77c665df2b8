"""The second reading of the typed form: whole columns at once, in exact integers and three-valued logic."""
