"""Description of the registry's CSV files for programmes: CSVW metadata. Plain data."""

from registry.columns_told import FILES, columns_of


def csvw(site):
    """Metadata of the CSV files by the W3C's vocabulary for tabular data."""
    tables = []
    for name, (address, title, _columns) in FILES.items():
        columns = [
            {"name": column, "titles": column, "datatype": kind, "dc:description": str(told), "null": ""}
            for column, kind, told in columns_of(name)
        ]
        tables.append({"url": site + address, "dc:title": str(title), "tableSchema": {"columns": columns}})
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:source": "UNFCCC",
        "dialect": {"encoding": "utf-8", "header": True},
        "tables": tables,
    }
