"""Memory banks in front of the cell: `read` gives the cell's input and changes nothing, `keep` moves on."""
