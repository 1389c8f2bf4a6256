"""What can be wrong with a diagram, one file a subject; `bpmn.check` runs them all."""
