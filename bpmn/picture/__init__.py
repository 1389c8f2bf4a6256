"""A picture for diagrams that came without one, and for the elements that their picture has left out.

`with_picture` changes nothing that is drawn already; `redrawn` puts everything in order anew.
"""

from bpmn.picture.drawing import redrawn, with_picture

__all__ = ["redrawn", "with_picture"]
