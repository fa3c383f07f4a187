/** What is written down of an account's money contradicts itself. Nothing more is billed before somebody has looked. */
export class Unsound extends Error {
  override readonly name = 'Unsound'
}
