"""What `ducha COMMAND --help` says of the commands for documents."""

from __future__ import annotations

# Of each command: one line for the list of commands, and what `--help` says beyond that.
HELP = {
    "check": (
        "list what is wrong with diagrams, forms, decision tables and scenarios",
        "Each problem is a line “file:line: severity: element: sentence”. No database is needed: roles and services "
        "are those of the program, called processes those that come with it or lie in the folder of the diagram.",
    ),
    "simulate": (
        "play diagrams with their scenarios and the tests of their tables",
        "In memory, with a moved clock and without a database. A diagram without scenarios is started, and told is "
        "what it waits for. Parameters are as the program has them.",
    ),
    "deploy": (
        "publish diagrams, with their forms, tables and scenarios",
        "By the same rules as in the browser: there is no new version without a change, none with an error, and none "
        "that fails scenarios or tests of tables without a reason. Called processes go first. All files are "
        "published, or none. Scenarios beside a diagram are added to those of its process, or replace those of the "
        "same name.",
    ),
    "export": (
        "write published processes as files that can be deployed",
        "With forms, tables and scenarios. What lies in the folder under the same names is replaced.",
    ),
    "import": (
        "bring in diagrams of Camunda 7, Flowable, Activiti and Zeebe",
        "Writes them and their forms in our words, and lists what was not taken over. Nothing is replaced.",
    ),
}
PLACES = (
    "Forms are looked for in forms/<process>/, decision tables in decisions/ and scenarios in scenarios/<process>/ "
    "beside the diagram. In a folder, all documents below it are taken."
)
EXIT = "Ends with 0 if all is well, with 1 if something is wrong, with 2 if the command is not understood."
