"""The name of the product, the same in every language."""

PRODUCT = "Một Cửa"
