"""Other people's tables as streams: CSV and JSON lines, files and pipes, found out about and made rows of numbers.

    files ─► lines ─► format (delimited | objects) ─► survey ─► layout ─► encoding ─► source

May not know who reads the rows.
"""
