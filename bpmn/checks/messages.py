"""Every sentence that the checker says about a diagram: code -> template. docs/bpmn.md lists the codes."""

from __future__ import annotations

from collections.abc import Mapping

from faults import N_

MESSAGES: Mapping[str, str] = {
    # the process
    "no_process": N_("The diagram has no executable process. Draw one, or mark it as executable."),
    "several_processes": N_("The diagram has several executable processes. Put each into a diagram of its own."),
    "empty_process": N_("The process is empty. Draw a start event, what is to be done, and an end event."),
    "process_key": N_(
        "The id of the process, “{id}”, is not usable. Use letters, digits and _, beginning with a letter."
    ),
    "process_name": N_("The process has no name. Give it the name that people are to see."),
    "classification": N_("The classification “{found}” is not accepted here. Choose public, internal or work_secret."),
    "no_starter": N_(
        "No role may start the process by hand. Name the roles at the process, unless it is only called by others."
    ),
    "recursion": N_("The process calls itself without end: {path}. Take one of the calls out."),
    "output_name": N_("The output “{name}” has no usable name. Use letters, digits and _, and each name once."),
    # ids, names, attributes
    "element_id": N_(
        "The id “{id}” is not usable, because expressions name the element by it. "
        "Use letters, digits and _, beginning with a letter."
    ),
    "reserved_id": N_("The id “{id}” is the name of a variable that every instance has. Choose another id."),
    "task_name": N_("The task has no name. Give it the name that people are to see in their lists."),
    "duplicate_name": N_("Two tasks are called “{name}”. People can't tell them apart in their lists; rename one."),
    "unknown_attribute": N_("“{name}” is not a setting of this kind of element and has no effect."),
    "attribute_near": N_("“{name}” is not a setting of this kind of element. Did you mean “{near}”?"),
    # kinds of elements
    "not_executed": N_("This element ({kind}) is not executed. {note}"),
    "rewritten": N_("This element is executed in another way than it is drawn: {note}"),
    "plain_task": N_(
        "A task without a type is passed at once and nobody is asked. Make it a user task if a person is to act."
    ),
    "nesting": N_("Sub-processes are nested more than {most} deep. Move some into called processes."),
    # flows
    "dangling_flow": N_("The flow does not lead from one element to another one. Connect both ends."),
    "flow_across": N_(
        "The flow crosses the border of a sub-process. Let it end inside, and another one begin outside."
    ),
    "flow_into_start": N_("A flow leads into a start event. Let it lead to the element after it."),
    "flow_out_of_end": N_("A flow leads out of an end event. Use an intermediate event instead."),
    "flow_into_boundary": N_("A flow leads into an event on the edge of an activity. Let it lead to the activity."),
    "flow_at_event_subprocess": N_("An event sub-process is started by its event alone. Remove the flows at it."),
    "missing_start": N_("The process has no start event. Draw one."),
    "empty_subprocess": N_("The sub-process is empty. Draw what is to be done in it, or remove it."),
    "several_starts": N_("There are several plain start events. Keep one; draw a gateway behind it."),
    "event_subprocess_start": N_("An event sub-process needs exactly one start event, and that with an event."),
    "unreachable": N_("No way leads here from a start. Connect it, or remove it."),
    "no_way_on": N_("No flow leads on from here, so this way ends here. Draw an end event if that is meant."),
    "endless": N_("From here no way leads to an end. Draw one."),
    # gateways
    "no_default": N_(
        "All conditions out of here may fail, and then the instance stands still. Mark one of the flows as the default."
    ),
    "condition_missing": N_("The flow has no condition, and is not the default. Write one, or mark it as the default."),
    "default_condition": N_(
        "The default flow is taken when no other condition holds; its own condition has no effect."
    ),
    "default_unknown": N_("The default “{found}” is not a flow that leads out of here. Choose one that does."),
    "condition_ignored": N_(
        "A condition behind this kind of gateway has no effect. Use an exclusive or inclusive gateway."
    ),
    "not_a_condition": N_(
        "“{source}” gives neither true nor false, so it can't be a condition. Compare it with something."
    ),
    "event_gateway_target": N_(
        "After an event-based gateway only catching events and receive tasks may come, each with this one flow into it."
    ),
    "event_gateway_few": N_("An event-based gateway needs at least two ways on."),
    # expressions
    "script_empty": N_("The script is empty. Write lines like: name = formula"),
    "script_language": N_("Scripts are lines of “name = formula”; the script language “{found}” is not executed."),
    "assigns_element": N_(
        "The script assigns “{name}”, under which the element of that id keeps its data. Choose another name."
    ),
    "assigns_start": N_(
        "The script assigns “{name}”, which is given at the start of every instance. Choose another name."
    ),
    "unknown_name": N_("“{source}”: there is no “{name}” in this process, and nobody can bring it."),
    "outside_name": N_("“{source}”: “{name}” is not from this process; only a caller could bring it."),
    "name_near": N_("“{source}”: there is no “{name}” in this process. Did you mean “{near}”?"),
    "brings_nothing": N_("“{source}”: the element “{name}” brings no data."),
    "unknown_field": N_("“{source}”: “{of}” has no “{name}”."),
    "field_near": N_("“{source}”: “{of}” has no “{name}”. Did you mean “{near}”?"),
    "unknown_performer": N_("“{source}”: there is no user task “{name}”."),
    "input_name": N_("The input “{name}” has no usable name. Use letters, digits and _, and each name once."),
    "input_empty": N_("The input “{name}” has no value. Write an expression."),
    "input_unknown": N_("“{of}” knows no input “{name}”."),
    # timers
    "timer_missing": N_("The timer has no time. Write for example P3D, wd(3) or 2013-05-06."),
    "timer_cycle": N_(
        "A cycle is only possible at a start event or a boundary event that does not interrupt. Write one time."
    ),
    "timer_cycle_interrupts": N_("The event interrupts, so only the first time of the cycle counts."),
    "timer_start_names": N_(
        "When a process starts there are no data yet, so its timer can't use “{name}”; only what its service gives."
    ),
    # messages, signals, errors, links
    "message_missing": N_("It is not said which message it is. Choose a message that has a name."),
    "message_key": N_("The message has no key, so it could reach any instance. Write the expression of its key."),
    "thrown_key": N_("The message has no key; only a start event can receive it so. Write the expression of its key."),
    "signal_missing": N_("It is not said which signal it is. Choose a signal that has a name."),
    "each_place": N_(
        "Only a message, a signal or a timer with a service that starts the process begins one instance for "
        "each item of a list."
    ),
    "service_place": N_("Only a timer that starts the process asks a service."),
    "service_start": N_("The service “{name}” can't be asked before there is an instance. Choose another."),
    "each_name": N_(
        "“{name}” is no name of a list in the payload. Use letters, digits and _, beginning with a letter."
    ),
    "error_missing": N_("It is not said which error is thrown. Choose an error that has a code."),
    "escalation_missing": N_("It is not said which escalation is thrown. Choose an escalation that has a code."),
    "uncaught_error": N_(
        "Nothing in this process catches the error “{name}”. Draw a boundary event or an event sub-process."
    ),
    "link_name": N_("The link has no name. Give both link events of a pair the same name."),
    "link_target": N_(
        "There is no link event “{name}” that catches this one. Draw it, in the same process or sub-process."
    ),
    "link_source": N_("There is no link event “{name}” that leads here. Draw it, in the same process or sub-process."),
    "link_twice": N_("There are several link events “{name}” that catch. Keep one of them."),
    "boundary_host": N_(
        "A boundary event must sit on a task, a called process or a sub-process next to it. Attach it anew."
    ),
    "boundary_idle": N_("The activity is passed at once, so the event on its edge can never occur."),
    # what an element needs from outside
    "assignment_missing": N_("It is not said who does the task. Name roles or an expression for the person."),
    "unknown_role": N_("There is no role “{name}”, or nobody has it."),
    "role_near": N_("There is no role “{name}”, or nobody has it. Did you mean “{near}”?"),
    "unknown_form": N_("There is no form “{name}”. Make one, or choose another."),
    "form_near": N_("There is no form “{name}”. Did you mean “{near}”?"),
    "not_same_as": N_("There is no user task “{name}” whose performers could be barred."),
    "not_same_as_near": N_("There is no user task “{name}” whose performers could be barred. Did you mean “{near}”?"),
    "service_missing": N_("It is not said which service is called. Choose one."),
    "unknown_service": N_("There is no service “{name}”. Choose another."),
    "service_near": N_("There is no service “{name}”. Did you mean “{near}”?"),
    "decision_missing": N_("It is not said which decision table answers. Choose one."),
    "unknown_decision": N_("There is no decision table “{name}”. Make one, or choose another."),
    "decision_near": N_("There is no decision table “{name}”. Did you mean “{near}”?"),
    "decision_input": N_("The decision table needs “{name}”, which is neither an input nor a variable here."),
    "call_missing": N_("It is not said which process is called. Choose one."),
    "unknown_process": N_("The process “{name}” is not published yet; a call waits until it is."),
    # who gets a task
    "rule_value": N_("“{found}” is not possible for “{name}”. Choose one of: {possible}."),
    "choose_roles": N_("One can only be chosen among those who hold a role. Name roles."),
    "choose_named": N_("The task is given to a certain person, so nobody is chosen. Keep one of the two."),
    "same_as": N_("There is no user task “{name}” whose performer could get this one."),
    "same_as_near": N_("There is no user task “{name}” whose performer could get this one. Did you mean “{near}”?"),
    "same_as_named": N_("A certain person is named as well as the same person as in “{name}”. Keep one of the two."),
    "same_and_not": N_("It is to be the same person as in “{name}”, and not the same. Take one of the two back."),
    "repeated_of": N_("There is no user task “{name}” that this one could be a repetition of."),
    "repeated_of_near": N_(
        "There is no user task “{name}” that this one could be a repetition of. Did you mean “{near}”?"
    ),
    "repeated_nothing": N_("No other user task has this form, so nobody does this twice. Name the tasks it repeats."),
    "rule_idle": N_("“{name}” has no effect here: it needs “{needed}”."),
    "skipped_name": N_("What stands there if the task is skipped, “{name}”, has no usable name. Use each name once."),
    "skipped_field": N_("The form has no field “{name}” that could have a value if the task is skipped."),
    "superior_place": N_(
        "“{source}”: superior(...) can only say in which organisation a task is done. Use it there alone."
    ),
    # several people who decide together
    "agree_and_condition": N_("Both a rule of agreement and a condition say when it is done. Keep one of them."),
    "agree_share": N_("It is not said which share must agree. Write for example 2/3."),
    "agree_share_range": N_("A share of {found} is not possible. It must be more than 0 and at most 1."),
    "agree_weight": N_("It is not said how much each answer weighs. Write a formula, such as one.weight."),
    "agree_in_order": N_("“In order” asks one after the other. Mark the task as done in turn."),
    "verdict_taken": N_("What comes of the agreement is called “{name}”, which is the id of an element. Rename that."),
    # multi-instance
    "loop_count": N_("It is not said how often this is to be done. Give a number or a list."),
    "loop_both": N_("Both a number and a list are given for how often this is to be done. Keep one."),
    "loop_many": N_("{found} times is not possible; at most {most} and not less than nothing."),
    "loop_variable": N_(
        "The name of the item, “{name}”, is not usable. Use letters, digits and _, beginning with a letter."
    ),
    "loop_variable_taken": N_("The name of the item, “{name}”, is already that of something else in this process."),
    "loop_event_subprocess": N_("An event sub-process can't be done several times. Remove the mark."),
}
