#!/usr/bin/env python3
"""Writes vultus_client/types.py and client.py from the OpenAPI document of the server.

    curl -s localhost:8000/v1/openapi.json -o openapi.json
    clients/python/tools/generate.py openapi.json           write them
    clients/python/tools/generate.py openapi.json --check   exit code 1 where they are not what the document says
"""
import argparse
import json
import keyword
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent.parent / "src/vultus_client"
WIDTH = 120
MADE = "# Made from the server's OpenAPI document by tools/generate.py; changes belong there.\n"
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None",
           "object": "Dict[str, Any]"}
METHODS = ("get", "post", "put", "patch", "delete")
PICTURE = ("image/", "video/")  # parts that are files
BYTES = "application/octet-stream"  # a body that is a file


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()


def safe(name):
    name = re.sub(r"\W", "_", snake(name))
    return name + "_" if keyword.iskeyword(name) else name


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


class Types:
    """The schemas as Python types; objects inside others become types of their own."""

    def __init__(self, schemas):
        self.schemas = schemas
        self.lines = []
        self.done = set()
        self.busy = set()

    def reference(self, ref):
        name = ref.rsplit("/", 1)[1]
        self.define(name, self.schemas[name])
        return name

    def of(self, schema, name):
        """The type of a schema; `name` is that of an object type, if one must be made."""
        if schema is True or not schema:
            return "Any"
        if "$ref" in schema:
            return self.reference(schema["$ref"])
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        if "enum" in schema:
            return "Literal[" + ", ".join("None" if one is None else quoted(one) for one in schema["enum"]) + "]"
        for several in ("oneOf", "anyOf"):
            if several in schema:
                kinds = [self.of(one, f"{name}{number}") for number, one in enumerate(schema[several], 1)]
                return f"Union[{', '.join(dict.fromkeys(kinds))}]"
        kinds = schema.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        texts = []
        for kind in kinds:
            if kind == "array":
                texts.append(f"List[{self.of(schema.get('items', {}), name + 'Item')}]")
            elif kind == "object" and schema.get("properties"):
                self.define(name, dict(schema, type="object"))
                texts.append(name)
            elif kind == "object" and isinstance(schema.get("additionalProperties"), dict):
                texts.append(f"Dict[str, {self.of(schema['additionalProperties'], name + 'Value')}]")
            else:
                texts.append(SCALARS[kind])
        if not texts:
            return "Any"
        if len(texts) == 2 and "None" in texts:
            return f"Optional[{next(text for text in texts if text != 'None')}]"
        return texts[0] if len(texts) == 1 else f"Union[{', '.join(texts)}]"

    def define(self, name, schema):
        if name in self.done or name in self.busy:
            return
        self.busy.add(name)
        lines = []
        if schema.get("type") == "object" and schema.get("properties"):
            required = set(schema.get("required", []))
            members = []
            for member, one in schema["properties"].items():
                kind = self.of(one, name + "".join(part.title() for part in re.split(r"\W|_", member)))
                members.append((member, kind if member in required else f"NotRequired[{kind}]", one))
            if any(not member.isidentifier() or keyword.iskeyword(member) for member, _, _ in members):
                inner = ", ".join(f"{quoted(member)}: {quoted(kind)}" for member, kind, _ in members)
                lines.append(f"{name} = TypedDict({quoted(name)}, {{{inner}}})")
            else:
                lines.append(f"class {name}(TypedDict):")
                if schema.get("description"):
                    lines += docstring(schema["description"], "    ")
                for member, kind, one in members:
                    lines.append(f"    {member}: {kind}")
                    if one.get("description"):
                        lines += docstring(one["description"], "    ")
        else:
            lines.append(f"{name} = {self.of(schema, name + 'Value')}")
        self.busy.discard(name)
        self.done.add(name)
        self.lines += lines + ["", ""] if lines[0].startswith("class") else lines + [""]


def docstring(text, indent):
    one = f'{indent}"""{text}"""'
    if "\n" not in text and len(one) <= WIDTH:
        return [one]
    lines = [indent + '"""']
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(paragraph, WIDTH - len(indent), initial_indent=indent,
                               subsequent_indent=indent + ("    " if paragraph.startswith(":") else "")) or [""]
    return lines + [indent + '"""']


class Operation:
    """What one method is made of."""

    def __init__(self, path, method, row, types):
        self.path, self.method, self.types = path, method.upper(), types
        self.name = safe(row["operationId"])
        self.row = row
        self.required, self.optional, self.query, self.headers = [], [], [], []
        self.body, self.form, self.pictures, self.has_body, self.content = [], [], [], False, None
        self.repeatable = False
        self.docs = []
        self.read_parameters()
        self.read_body()
        self.read_answer()

    def add(self, name, kind, required, about, default="None"):
        argument = safe(name)
        if argument in [row[0] for row in self.required + self.optional]:
            argument = f"new_{argument}"  # a body that changes what the path names
        if about:
            self.docs.append(f":param {argument}: {about}")
        if required:
            self.required.append((argument, kind))
        else:
            self.optional.append((argument, kind, default))
        return argument

    def read_parameters(self):
        title = "".join(part.title() for part in self.name.split("_"))
        for one in self.row.get("parameters", []):
            kind = self.types.of(one.get("schema", {}), title + one["name"].title().replace("-", ""))
            if one["name"] == "Idempotency-Key":
                self.repeatable = True
            name = one["name"][2:] if one["name"].startswith("X-") else one["name"]
            required = one.get("required", False)
            argument = self.add(name, kind if required or kind.startswith("Optional") else f"Optional[{kind}]",
                                required, one.get("description", ""))
            if one["in"] == "query":
                self.query.append((one["name"], argument))
            elif one["in"] == "header":
                self.headers.append((one["name"], argument))

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.types.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def read_body(self):
        body = self.row.get("requestBody")
        if not body:
            return
        self.has_body = True
        content = body["content"]
        if BYTES in content:
            about = self.resolved(content[BYTES]["schema"]).get("description", "")
            self.content = self.add("file", "Picture", True, about)
            return
        is_form = "multipart/form-data" in content
        schema = self.resolved(content["multipart/form-data" if is_form else "application/json"]["schema"])
        title = "".join(part.title() for part in self.name.split("_"))
        required = set(schema.get("required", []))
        for member, one in schema.get("properties", {}).items():
            inner = self.resolved(one)
            items = self.resolved(inner.get("items", {})) if inner.get("type") == "array" else {}
            if str(inner.get("contentMediaType", "")).startswith(PICTURE):
                kind = "Picture"
                self.pictures.append(member)
            elif str(items.get("contentMediaType", "")).startswith(PICTURE):
                kind = "Sequence[Picture]"
                self.pictures.append(member)
            else:
                kind = self.types.of(one, title + member.title().replace("_", ""))
            needed = member in required
            argument = self.add(member, kind if needed else f"Union[{kind}, NotGiven]", needed,
                                one.get("description") or inner.get("description", ""), "NOT_GIVEN")
            (self.form if is_form else self.body).append((member, argument))
        if is_form:
            self.read_members_of_json(content, set(schema.get("properties", {})), title)

    def read_members_of_json(self, content, known, title):
        """What a JSON body may have in place of the form: then nothing of the form is required."""
        schema = self.resolved(content.get("application/json", {}).get("schema", {}))
        if schema.get("required"):
            return
        for member, one in schema.get("properties", {}).items():
            if member in known:
                continue
            kind = self.types.of(one, title + member.title().replace("_", ""))
            argument = self.add(member, f"Union[{kind}, NotGiven]", False, one.get("description", ""), "NOT_GIVEN")
            self.body.append((member, argument))
        if self.body:
            parts = {argument for _, argument in self.form}
            self.optional = [(name, f"Union[{kind}, NotGiven]", "NOT_GIVEN") for name, kind in self.required
                             if name in parts] + self.optional
            self.required = [row for row in self.required if row[0] not in parts]

    def read_answer(self):
        good = [(status, one) for status, one in self.row["responses"].items() if status.startswith("2")]
        self.answer, self.kind, self.stream = "None", "nothing", None
        for _, one in good:
            for media, content in one.get("content", {}).items():
                if media == "application/json" or media.endswith("+json"):
                    title = "".join(part.title() for part in self.name.split("_")) + "Answer"
                    self.answer, self.kind = self.types.of(content.get("schema", {}), title), "json"
                elif media == "text/event-stream":
                    self.stream = ("_events", "StreamEvent")
                elif media.startswith("multipart/x-mixed-replace"):
                    self.stream = ("_pictures", "bytes")
                elif media.startswith("text/"):
                    self.answer, self.kind = "str", "text"
                else:
                    self.answer, self.kind = "bytes", "bytes"
                return

    def pages(self):
        """The member of the answer that holds the rows, where the answer has pages."""
        if self.method != "GET" or "cursor" not in [name for name, _ in self.query]:
            return None
        schema = self.resolved({"$ref": f"#/components/schemas/{self.answer}"})
        members = schema.get("properties", {})
        lists = [name for name, one in members.items() if self.resolved(one).get("type") == "array"]
        return lists[0] if len(lists) == 1 else None

    def item_kind(self, rows):
        """The type of what an iterator over pages yields."""
        schema = self.resolved({"$ref": f"#/components/schemas/{self.answer}"})["properties"][rows]
        name = self.answer + rows.title().replace("_", "") + "Item"
        return self.types.of(self.resolved(schema)["items"], name)

    def signature(self, without=()):
        parts = ["self"] + [f"{name}: {kind}" for name, kind in self.required]
        optional = [f"{name}: {kind} = {default}" for name, kind, default in self.optional if name not in without]
        return parts + (["*"] + optional if optional else [])

    def call(self):
        path = re.sub(r"{(\w+)}", lambda at: "{_segment(" + safe(at.group(1)) + ")}", self.path)
        parts = [quoted(self.method), ("f" if "{" in path else "") + quoted(path)]
        if self.query:
            parts.append("query={" + ", ".join(f"{quoted(name)}: {argument}" for name, argument in self.query) + "}")
        if self.headers:
            members = ", ".join(f"{quoted(name)}: {argument}" for name, argument in self.headers)
            parts.append("headers={" + members + "}")
        if self.form:
            parts.append("form=[" + ", ".join(f"({quoted(name)}, {argument})" for name, argument in self.form) + "]")
            parts.append("pictures=frozenset({" + ", ".join(quoted(name) for name in self.pictures) + "})")
        if self.content:
            parts.append(f"content={self.content}")
        elif self.body or (self.has_body and not self.form):
            parts.append("body={" + ", ".join(f"{quoted(name)}: {argument}" for name, argument in self.body) + "}")
        if self.repeatable:
            parts.append("repeatable=True")
        return parts

    def doc(self):
        return "\n".join([f"{self.row['summary']}. {self.row.get('description', '')}".strip()] + self.docs)


def wrapped(begin, parts, end, indent):
    line = indent + begin + ", ".join(parts) + end
    if len(line) <= WIDTH:
        return [line]
    lines, current = [indent + begin], ""
    parts = ", ".join(parts).split(", ")
    for number, part in enumerate(parts):
        part += end if number + 1 == len(parts) else ","
        if current and len(indent) + 8 + len(current) + 1 + len(part) > WIDTH:
            lines.append(indent + "        " + current)
            current = ""
        current = f"{current} {part}".strip()
    return lines + [indent + "        " + current]


def methods_of(operations, is_async):
    word, wait = ("async ", "await ") if is_async else ("", "")
    lines = []
    for one in operations:
        if one.stream:
            source, item = one.stream
            kind = f"AsyncIterator[{item}]" if is_async else f"Iterator[{item}]"
            lines += wrapped(f"def {one.name}(", one.signature(), f") -> {kind}:", "    ")
            lines += docstring(one.doc(), "        ")
            lines += wrapped(f"return self.{source}(Call(", one.call(), "))", "        ") + [""]
            continue
        lines += wrapped(f"{word}def {one.name}(", one.signature(), f") -> {one.answer}:", "    ")
        lines += docstring(one.doc(), "        ")
        end = "))" if one.kind == "json" else f"), {quoted(one.kind)})"
        if one.kind == "nothing":
            lines += wrapped(f"{wait}self._call(Call(", one.call(), end, "        ") + [""]
        else:
            lines += wrapped(f"answer: {one.answer} = {wait}self._call(Call(", one.call(), end, "        ")
            lines += ["        return answer", ""]
        rows = one.pages()
        if rows is None:
            continue
        item = one.item_kind(rows)
        kind = f"AsyncIterator[{item}]" if is_async else f"Iterator[{item}]"
        lines += wrapped(f"{word}def iter_{snake(one.name.removeprefix('list_'))}(", one.signature({"cursor"}),
                         f") -> {kind}:", "    ")
        lines.append(f'        """All pages of {one.name}(), one after the other."""')
        arguments = [name for name, _ in one.required]
        arguments += [f"{name}={name}" for name, _, _ in one.optional if name != "cursor"]
        lines.append("        cursor: Optional[str] = None")
        lines.append("        while True:")
        lines += wrapped(f"page = {wait}self.{one.name}(", arguments + ["cursor=cursor"], ")", "            ")
        lines += [f"            for row in page[{quoted(rows)}]:", "                yield row",
                  '            cursor = page.get("next")', "            if cursor is None:", "                return", ""]
    return lines


def names_in(kinds):
    return {name for kind in kinds for name in re.findall(r"\b[A-Z]\w+\b", kind)}


def types_text(types):
    text = MADE + '"""Bodies and answers of the server."""\n'
    text += "from typing import Any, Dict, List, Literal, Optional, Union\n\n"
    text += "from typing_extensions import NotRequired, TypedDict\n\n\n" + "\n".join(types.lines).rstrip() + "\n"
    return re.sub(r"\n{4,}", "\n\n\n", re.sub(r"(?<!\n)\n\n?(?=class )", "\n\n\n", text))


def client_text(operations, types):
    kinds = [kind for one in operations for kind in
             [one.answer] + [row[1] for row in one.required + one.optional] +
             ([one.item_kind(one.pages())] if one.pages() else [])]
    # "Picture" is the client's own: a path, bytes or a file.
    used = sorted((names_in(kinds) & types.done) - {"Picture"})
    lines = [MADE.rstrip(), '"""The methods of the server."""', "from __future__ import annotations", "",
             "from typing import Any, AsyncIterator, Dict, Iterator, List, Literal, Optional, Sequence, Union",
             "from urllib.parse import quote", "", "from ._answers import StreamEvent",
             "from ._transport import NOT_GIVEN, AsyncTransport, Call, NotGiven, Picture, SyncTransport"]
    lines += wrapped("from .types import (", used, ")", "") + ["", ""]
    lines += ["def _segment(value: object) -> str:", '    return quote(str(value), safe="")', "", ""]
    lines += ["class Client(SyncTransport):", '    """A server, asked one thing after the other. Thread-safe."""', ""]
    lines += methods_of(operations, False) + [""]
    lines += ["class AsyncClient(AsyncTransport):",
              '    """A server, asked from an event loop: the methods of Client as coroutines."""', ""]
    lines += methods_of(operations, True)
    return "\n".join(lines).rstrip() + "\n"


def make(document):
    types = Types(document["components"]["schemas"])
    operations = [Operation(path, method, row, types) for path, rows in sorted(document["paths"].items())
                  for method, row in rows.items() if method in METHODS]
    for name, schema in types.schemas.items():
        types.define(name, schema)
    client = client_text(operations, types)
    return {"types.py": types_text(types), "client.py": client}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where a file differs")
    arguments = parser.parse_args()
    differs = False
    for name, text in make(json.loads(pathlib.Path(arguments.document).read_text(encoding="utf-8"))).items():
        path = HERE / name
        if arguments.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                print(f"{path}: is not what the document says; run clients/python/tools/generate.py", file=sys.stderr)
                differs = True
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
