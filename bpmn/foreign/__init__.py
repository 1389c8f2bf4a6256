"""Diagrams of other engines: Camunda 7, Flowable, Activiti and Zeebe (Camunda 8).

`adopt` keeps the picture and every element, says in the words of this project what has a meaning here, and lists for
each attribute that has none that it was not taken over.  To read a further dialect, add a row to `DIALECTS`.
"""

from bpmn.foreign.adoption import Adopted, adopt

__all__ = ["Adopted", "adopt"]
