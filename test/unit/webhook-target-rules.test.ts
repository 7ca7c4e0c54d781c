import { makeTargetRules } from '../../src/adapters/webhooks/target-rules.js';

const SETTINGS = { allowHttp: false, allowedHosts: [], allowedNetworks: [] };
const rules = makeTargetRules(SETTINGS);

/** What a name may resolve to. */
const REFUSED = [
  ['0.0.0.0', 'this host'],
  ['0.1.2.3', 'this network'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'private'],
  ['100.64.0.1', 'shared by carriers'],
  ['100.100.100.200', 'metadata of a cloud'],
  ['100.127.255.255', 'shared by carriers'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'metadata of a cloud'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'metadata of clouds'],
  ['169.254.170.2', 'metadata of containers'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.1', 'protocol assignments'],
  ['192.0.0.192', 'metadata of a cloud'],
  ['192.0.2.1', 'documentation'],
  ['192.88.99.1', '6to4 relay'],
  ['192.168.0.1', 'private'],
  ['192.168.255.255', 'private'],
  ['198.18.0.1', 'benchmarking'],
  ['198.19.255.255', 'benchmarking'],
  ['198.51.100.7', 'documentation'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::7f00:1', 'IPv4-compatible'],
  ['::ffff:127.0.0.1', 'loopback, mapped'],
  ['::ffff:7f00:1', 'loopback, mapped, in hex'],
  ['::ffff:10.0.0.1', 'private, mapped'],
  ['::ffff:169.254.169.254', 'metadata, mapped'],
  ['::ffff:0:127.0.0.1', 'translated (SIIT)'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b::a9fe:a9fe', 'metadata by NAT64'],
  ['64:ff9b::808:808', 'NAT64 of a public one'],
  ['64:ff9b:1::1', 'local NAT64'],
  ['100::1', 'discard'],
  ['2001::1', 'Teredo'],
  ['2001:2::1', 'benchmarking'],
  ['2001:10::1', 'ORCHID'],
  ['2001:20::1', 'ORCHID'],
  ['2001:db8::1', 'documentation'],
  ['2002:7f00:1::', '6to4 of loopback'],
  ['2002:a9fe:a9fe::1', '6to4 of metadata'],
  ['3fff::1', 'documentation'],
  ['4000::1', 'not given out'],
  ['5f00::1', 'segment routing'],
  ['8000::1', 'not given out'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'metadata of a cloud'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['not an address', 'nonsense'],
  ['', 'nothing'],
  ['999.1.1.1', 'nonsense'],
] as const;

const ALLOWED = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '168.63.129.15',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '193.0.0.1',
  '223.255.255.254',
  '::ffff:8.8.8.8',
  '2606:4700:4700::1111',
  '2a00:1450:4001:82a::200e',
];

/** Many ways to write an address that a URL may hold; all lead to what is refused. */
const LITERALS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '017700000001',
  '0177.0.0.1',
  '00000177.0.0.01',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '169.254.43518',
  '10.1',
  '192.168.257',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0000:0000:0000:0000:0000:ffff:a9fe:a9fe]',
  '[64:ff9b::127.0.0.1]',
  '[::127.0.0.1]',
  '[fe80::1]',
  '[fd00::1]',
];

describe('an address that a connection is about to go to', () => {
  it.each(REFUSED)('%s is refused: %s', (address) => {
    expect(rules.allows('shop.example', address)).toBe(false);
  });

  it.each(ALLOWED)('%s is allowed', (address) => {
    expect(rules.allows('shop.example', address)).toBe(true);
  });

  it('may be private where its name or its network is allowed, and in no other case', () => {
    const inside = makeTargetRules({
      allowHttp: false,
      allowedHosts: ['Hooks.Internal.'],
      allowedNetworks: ['10.1.0.0/16', 'fd00:1::/32'],
    });
    expect(inside.allows('hooks.internal', '192.168.1.1')).toBe(true);
    expect(inside.allows('HOOKS.internal.', '::1')).toBe(true);
    expect(inside.allows('evil.hooks.internal', '192.168.1.1')).toBe(false);
    expect(inside.allows('shop.example', '10.1.2.3')).toBe(true);
    expect(inside.allows('shop.example', '::ffff:10.1.2.3')).toBe(true);
    expect(inside.allows('shop.example', '10.2.2.3')).toBe(false);
    expect(inside.allows('shop.example', 'fd00:1::9')).toBe(true);
    expect(inside.allows('shop.example', 'fd00:2::9')).toBe(false);
  });
});

describe('a URL that a client names', () => {
  it.each(LITERALS)('with the host %s is refused by its address', (host) => {
    expect(rules.problemOf(`https://${host}/hook`)).toBe('address_not_allowed');
  });

  it.each([
    ['http://shop.example/hook', 'https_required'],
    ['https://user@shop.example/', 'userinfo_not_allowed'],
    ['https://user:word@shop.example/', 'userinfo_not_allowed'],
    ['https://:word@shop.example/', 'userinfo_not_allowed'],
    ['https://shop.example/#part', 'fragment_not_allowed'],
    ['https://shop.example/#', 'fragment_not_allowed'],
    ['ftp://shop.example/', 'invalid_url'],
    ['file:///etc/passwd', 'invalid_url'],
    ['javascript:alert(1)', 'invalid_url'],
    ['shop.example/hook', 'invalid_url'],
    ['https://', 'invalid_url'],
    ['https://[::1', 'invalid_url'],
    ['https://[fe80::1%25eth0]/', 'invalid_url'],
    ['https://999.1.1.1/', 'invalid_url'],
    ['', 'invalid_url'],
  ])('%s is refused: %s', (url, problem) => {
    expect(rules.problemOf(url)).toBe(problem);
  });

  it.each([
    'https://shop.example/hook',
    'https://shop.example:8443/hook?tenant=1',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://xn--bcher-kva.example/',
  ])('%s is taken', (url) => {
    expect(rules.problemOf(url)).toBeNull();
  });

  it('may be plain HTTP where that is allowed, and is held to the same addresses', () => {
    const plain = makeTargetRules({ ...SETTINGS, allowHttp: true, allowedNetworks: ['127.0.0.0/8'] });
    expect(plain.problemOf('http://127.0.0.1:8080/')).toBeNull();
    expect(plain.problemOf('http://2130706433/')).toBeNull();
    expect(plain.problemOf('http://10.0.0.1/')).toBe('address_not_allowed');
    expect(plain.problemOf('http://[::1]/')).toBe('address_not_allowed');
  });
});
