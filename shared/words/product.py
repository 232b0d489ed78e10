"""The name of the product, which is a name and the same in every language."""

PRODUCT = "Một Cửa"
