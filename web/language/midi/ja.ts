/** Why a MIDI file cannot be read, and what was repaired in it, in Japanese: the sentences of src/music/midi/. */
import type { Printed } from '../printed/sentences.ts';

export const midi: Printed = {
  'the file has {} bytes; the most we take is {}':
    'ファイルが{}バイトあります。受け取れるのは{}バイトまでです',
  'the file is empty': 'ファイルが空です',
  'not a MIDI file: it does not begin with "MThd"':
    'MIDIファイルではありません（先頭が「MThd」ではありません）',
  'the file ends inside its header': 'ファイルがヘッダーの途中で終わっています',
  "the header's length is {}, not 6": 'ヘッダーの長さが6ではなく{}です',
  'format {} does not exist; 0 and 1 are read': 'フォーマット{}は存在しません。0と1を読み取れます',
  'format 2 (several songs in one file) is not supported: save it as format 0 or 1':
    'フォーマット2（ひとつのファイルに複数の曲）には対応していません。フォーマット0か1で保存してください',
  'SMPTE time division is not supported: save it with ticks per quarter note':
    'SMPTEの時間単位には対応していません。四分音符あたりのティックで保存してください',
  '0 ticks per quarter note (PPQ 0): the file has no time':
    '四分音符あたり0ティック（PPQ 0）で、時間がわかりません',
  'the file has no tracks': 'トラックがありません',
  'a track declares {} bytes; a whole file has {} at most':
    'トラックが{}バイトと記されています。ファイル全体でも{}バイトまでです',
  'running status before any status': 'ステータスより前にランニングステータスがあります',
  'a variable-length quantity is longer than 4 bytes': '可変長の数値が4バイトを超えています',
  'status {} has no place in a file': 'ステータス{}はファイルには使えません',
  'a tempo has {} bytes, not 3': 'テンポが3バイトではなく{}バイトです',
  'more than {} events': 'イベントが{}個を超えています',
  'more than {} tempo changes': 'テンポの変更が{}回を超えています',
  'the file has no notes': '音符がありません',
  'the file has no notes but percussion ({})': '打楽器のほかに音符がありません（{}個）',
  'it lasts {} s; the longest we take is {} s': '長さが{}秒あります。受け取れるのは{}秒までです',
  'percussion (channel 10) was left out ({} notes)': '打楽器（チャンネル10）を省きました（{}音）',
  'an RMID or MacBinary wrapper was taken off ({})': 'RMIDまたはMacBinaryの外側を取り除きました（{}）',
  'several tracks were read though the format is 0, or one track though it is 2 ({})':
    'フォーマット0なのに複数のトラックを、または2なのに1トラックを読み取りました（{}）',
  'the tracks that are there were read, whatever number the header declares ({})':
    'ヘッダーの数にかかわらず、あるトラックを読み取りました（{}）',
  'chunks that are no tracks were skipped ({})': 'トラックではないチャンクを飛ばしました（{}）',
  'bytes between tracks that belong to neither were skipped ({})':
    'トラックの間の、どちらにも属さないバイトを飛ばしました（{}）',
  'bytes after the last track were ignored ({})': '最後のトラックより後のバイトを無視しました（{}）',
  'tracks that end before they say were read up to the cut ({})':
    '途中で切れたトラックを、切れたところまで読み取りました（{}）',
  'tracks without an end-of-track event were ended ({})': '終わりの印のないトラックを終わらせました（{}）',
  'what a track has after its end was ignored ({})': 'トラックの終わりより後の内容を無視しました（{}）',
  'time and key signatures of a wrong length or value were left out ({})':
    '長さや値の正しくない拍子記号と調号を省きました（{}）',
  'data bytes over 127 were taken for 127 ({})': '127を超えるデータバイトを127とみなしました（{}）',
  'tempi were brought into {} to {} bpm ({})': 'テンポを毎分{}〜{}拍に収めました（{}）',
  'real-time bytes, which have no place in a file, were skipped ({})':
    'ファイルに使えないリアルタイムのバイトを飛ばしました（{}）',
  'releases that end nothing were dropped ({})': '打鍵のない離鍵を省きました（{}）',
  'notes without a release were ended at the next strike of their key, or with their track ({})':
    '離鍵のない音を、同じ鍵の次の打鍵か、トラックの終わりで止めました（{}）',
  'strikes of a key that was held: the first release was given to the first strike ({})':
    '押されたままの鍵の打鍵では、最初の離鍵を最初の打鍵のものとしました（{}）',
};
