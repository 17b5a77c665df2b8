"""The policy library for everybody (政策库): every measure with its rule in Chinese, its sources and its examples."""
