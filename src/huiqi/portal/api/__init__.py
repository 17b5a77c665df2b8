"""The site for programs (OpenAPI): the same acts, the same rows, by tokens that may less than their owner."""
