"""Rules narrowed to one document: what nobody wrote is nothing, and costs nothing.

Of the settings that rules read, a configuration holds a few. A column that reads only settings which are nowhere in
the document is nothing in every row, and has no origin; so it is taken out before the rows are made, and with it what
reads nothing else. What is left gives the same values and the same origins.
"""
