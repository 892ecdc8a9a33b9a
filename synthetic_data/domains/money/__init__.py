"""Money: what moves on the accounts of a cell and why, and what is planted in it to be found."""
