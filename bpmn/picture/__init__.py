"""A picture for diagrams that came without one, and for the elements that their picture has left out.

`with_picture` changes nothing that is drawn already.
"""

from bpmn.picture.drawing import with_picture

__all__ = ["with_picture"]
