// Several changes as one: one step back takes all of them back.
class Together {
  preExecute({ act }) {
    act();
  }
}

export const together = {
  __init__: [['commandStack', (commandStack) => commandStack.registerHandler('ducha.together', Together)]],
};
