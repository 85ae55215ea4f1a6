"""Prints what pyarrow reads from a Parquet file, as JSON: read.py FILE. $CLIENTS names the folder of tools/setup clients."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.environ["CLIENTS"], "python"))
import pyarrow.parquet  # noqa: E402

file = pyarrow.parquet.ParquetFile(sys.argv[1])
table = file.read()
print(json.dumps({"types": {field.name: str(field.type) for field in table.schema},
                  "rows": table.to_pylist(),
                  "groups": file.num_row_groups,
                  "notes": json.loads(table.schema.metadata[b"vultus"])}))
