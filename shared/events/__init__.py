"""The wire: what one service promises another, and the city's parties, to the byte."""
