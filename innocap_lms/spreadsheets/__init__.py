"""Tables that people send in: CSV and XLSX, whatever program and country they come from.

`reading.opened` gives a table: its header, and its rows of plain text as often as one asks.
`columns` says which column is what, `cells` reads days, hours and numbers out of texts, and
`problems` says what is wrong where, in words. Nothing here knows what a table is about.
"""
