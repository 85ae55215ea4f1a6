"""Client of the Vultus face recognition server (`vultus serve`).

    from vultus_client import Client

    with Client("http://127.0.0.1:8000", key="vk_...") as vultus:
        vultus.create_collection("staff")
        vultus.enrol_faces("staff", "Ada Lovelace", ["ada.jpg"])
        for face in vultus.identify("staff", "group.jpg")["faces"]:
            print(face["subject"], face["similarity"], face["threshold"])

`AsyncClient` has the same methods as coroutines. Answers are dicts whose members the type checker knows (`types`);
pictures are paths, bytes or open files. What the server refuses is raised as `Problem`, with its stable `code`.
"""
from ._answers import Answer, StreamEvent, etag_of, request_id_of
from ._transport import NOT_GIVEN, Picture, Problem, Unreachable
from .client import AsyncClient, Client

__all__ = ["NOT_GIVEN", "Answer", "AsyncClient", "Client", "StreamEvent", "Picture", "Problem", "Unreachable", "etag_of",
           "request_id_of"]
__version__ = "0.1.0"
