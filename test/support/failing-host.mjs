/** A host that lives and fails at everything, as one does that has no memory left. */
process.on('message', ({ kind }) => {
  process.send(
    kind === 'warm'
      ? { type: 'result', value: null }
      : { type: 'fault', fault: { type: 'engine', code: 'engine_failed' } },
  );
});
process.on('disconnect', () => process.exit());
process.send({ type: 'ready' });
