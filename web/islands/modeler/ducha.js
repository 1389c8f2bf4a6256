// Our attributes (docs/bpmn.md) as the drawing tool has to know them, so that it reads and writes them.
const text = (name) => ({ name, isAttr: true, type: 'String' });
const on = (type, ...names) => ({
  name: `${type.split(':')[1]}Words`,
  extends: [type],
  properties: names.map(text),
});

export const ducha = {
  name: 'Ducha',
  prefix: 'ducha',
  uri: 'https://ducha.example/bpmn',
  xml: { tagAlias: 'lowerCase' },
  types: [
    on('bpmn:Process', 'starterGroups', 'classification'),
    on('bpmn:UserTask', 'candidateGroups', 'candidateOrg', 'taskCode', 'assignee', 'notSameAs', 'barred', 'form', 'due',
      'subject', 'sameAs', 'choose', 'nobody', 'repeated', 'repeatedOf'),
    on('bpmn:ServiceTask', 'service'),
    on('bpmn:BusinessRuleTask', 'decision'),
    on('bpmn:SendTask', 'correlationKey', 'receiver'),
    on('bpmn:ReceiveTask', 'correlationKey'),
    on('bpmn:Event', 'correlationKey', 'receiver', 'each', 'service'),
    on('bpmn:MultiInstanceLoopCharacteristics', 'collection', 'elementVariable', 'agree', 'ratio', 'weight',
      'approves', 'veto', 'onReturn'),
    { name: 'Input', superClass: ['Element'], properties: [text('name'), text('value')] },
    { name: 'Skipped', superClass: ['Element'], properties: [text('name'), text('value')] },
    { name: 'Output', superClass: ['Element'], properties: [text('name'), text('value')] },
  ],
};
