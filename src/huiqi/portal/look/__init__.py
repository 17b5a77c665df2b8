"""How every page works and looks: the register of pages, visits, forms of acts, lists, templates."""
