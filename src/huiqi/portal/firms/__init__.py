"""The register of firms (企业名册): each fact with its source, date and history; who may see it, who looked at it."""
