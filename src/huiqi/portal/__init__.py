"""The site (门户): pages, API and jobs for firms and offices, on the functions of the layers below."""
