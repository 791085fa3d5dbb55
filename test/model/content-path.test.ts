import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentPath, itemAt } from '../../harness/model/content-path.ts';

const ids = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 });

test('the path of an item names that item, whatever stands in the id of its event', () => {
  fc.assert(
    fc.property(ids, fc.nat(999_999_999), (eventId, item) => {
      expect(itemAt(contentPath(eventId, item))).toEqual({ eventId, item });
    }),
    { examples: [['/../?#% 1', 0]] },
  );
});

test('it is one segment of a URL for the id, and one for the item', () => {
  expect(contentPath('a/b c?', 3)).toBe('/content/a%2Fb%20c%3F/3');
});

test.each([
  ['that begins otherwise', '/contents/m1/0'],
  ['below another', '/x/content/m1/0'],
  ['without an item', '/content/m1'],
  ['of an empty id', '/content//0'],
  ['with an item that is no number', '/content/m1/x'],
  ['with an item that is written in another way', '/content/m1/01'],
  ['with more behind it', '/content/m1/0/'],
  ['with an item past nine digits', '/content/m1/1234567890'],
  ['with an escape of nothing', '/content/%zz/0'],
])('a path %s names none', (_how, path) => {
  expect(itemAt(path)).toBeUndefined();
});

test('an id that nobody has escaped is taken as it stands', () => {
  expect(itemAt('/content/a/b/7')).toEqual({ eventId: 'a/b', item: 7 });
});
