/**
 * As passlib 1.7.4 and argon2-cffi 25.1 write them, so that what reads them is held against other programs than itself. Those whose
 * password is not told are of the one in people.ts.
 */
interface StoredHash {
  readonly title: string;
  readonly password: string;
  readonly stored: string;
}

/** Of the earlier backend, with passlib's own number of rounds. */
export const legacyHash =
  '$pbkdf2-sha256$29000$F8L4f2/t3RsD4Pz/HwMAwA$ULHqLMf5tq8BaeKTtZYGphtjySyQy2P9a/0twWYfKG0';

/** With next to no memory and time. */
export const cheapHash =
  '$argon2id$v=19$m=64,t=1,p=1$68og2bW2kPPVRcLas29meA$3dfUPK0EQBqu5TSLpDQjJavtv4yCssVI1A4atG3wZ1c';

export const currentHash =
  '$argon2id$v=19$m=19456,t=2,p=1$cuPiBq/RmTKEgBypJPEjwQ$AXWIL2+EMad4dR+ysF9zSKTFGtaa3YxRPZBmeetbr7k';

/** One password, as two keyboards compose its last letter. */
export const composed = {
  password: 's\u00f8n og datter \u00e9',
  stored: '$pbkdf2-sha256$29000$R6j1XmutlbK21vo/p7S2Fg$V1ZZPlRcwOhjNapuJESQFH1KihmQvvHvVO30Z6G3rKE',
};
export const decomposed = {
  password: 's\u00f8n og datter e\u0301',
  stored: '$pbkdf2-sha256$29000$oLSWEmLMGcMYIyTknNM65w$eDj8Q0ryjqVPTfNTpw0m8zwRSgNcOthHPYzU4xW2YS4',
};

export const ofEarlierBackend: readonly StoredHash[] = [
  {
    title: 'with the rounds that passlib has by default',
    password: 'a password that nobody would guess',
    stored: legacyHash,
  },
  {
    title: 'with few rounds',
    password: 'password',
    stored: '$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ',
  },
  {
    title: 'with one round',
    password: 'one round',
    stored: '$pbkdf2-sha256$1$LyXkHKNU6r0XwpgzppSSkg$DAIjrML7GHqDseU9KlA3Jz85k2ojgFM1kPrPVIBw6iU',
  },
  {
    title: 'with many rounds',
    password: 'many rounds',
    stored: '$pbkdf2-sha256$200000$VSolZKyVknLuvZdyzrnX2g$6/ooZCikI6dyJbmgFenYDD0Lfx2krCiL3g79zyrxoTU',
  },
  {
    title: 'of Greek letters',
    password: 'Ιωαννης',
    stored: '$pbkdf2-sha256$1212$3SABFJGDtyhrQMVt1uABPw$WyaUoqCLgvz97s523nF4iuOqZNbp5Nt8do/cuaa7AiI',
  },
  {
    title: 'of a letter outside of the basic plane between spaces',
    password: ' 𐓏 ',
    stored: '$pbkdf2-sha256$29000$wfh/zznH.N8bw3hPidEaAw$Y3R6bq2z5NQDTzw0tzTdJqMDQN9yOWAam.n1CPB36RY',
  },
  { title: 'of composed letters', ...composed },
  { title: 'of letters before their marks', ...decomposed },
  {
    title: 'without salt',
    password: 'no salt',
    stored: '$pbkdf2-sha256$29000$$6rFP8uhXaNnTa4Ry45ZB.rZEePTCJISPYdpLPOEXWjA',
  },
  {
    title: 'with a long salt',
    password: 'long salt',
    stored:
      '$pbkdf2-sha256$29000$S8l5z1lrDaFUyplTynnv3du7F.J8b835X4vxvncOAQAgxNibc.7dew.BMAYgpJSSkjJmLEUohZDy/n/POWes9Q$.AHBo5.2sp7BUwrKsLn3Uet4lq6C72i4u7GN0AbHapI',
  },
];

export const outdatedHashes: Readonly<Record<string, string>> = {
  'of the earlier backend': legacyHash,
  'of argon2id with less memory':
    '$argon2id$v=19$m=19455,t=3,p=1$CZagY2dFzHX/gEQ21FZoyw$Bb0mIHBJYQvz3QIP5gNiSrw4WheaktDtrNrQUGgmTps',
  'of argon2id with fewer passes':
    '$argon2id$v=19$m=19457,t=1,p=1$m9H64NZy81I/oAUcfmAJoQ$0EbxHwE3llZjc2e7yHH6YZ2Px14Xu5A2apaUCCrnCZc',
  'of an older version of argon2id':
    '$argon2id$v=16$m=19456,t=2,p=1$SjQgWG0CSUHp5vZn4ufzrw$oADjt5toToTpI80oUEOxdFpeU59jEsqxdeZTOppsHcQ',
  'of argon2i':
    '$argon2i$v=19$m=19456,t=2,p=1$AXQNgwVFgAKxq5YICXoKuA$HSxCvp/JhiYRy74S7/3gFgoquSfThva5wFqGBK8odnk',
  'of argon2d':
    '$argon2d$v=19$m=19456,t=2,p=1$CKaCy22Fk9eNamsOJ/HY7g$fYHuw1vP3qxRe4NBUSg1fC6+HCKBxU2XmLBaET8jk1Y',
};

export const strongEnoughHashes: Readonly<Record<string, string>> = {
  'of today': currentHash,
  'with more memory':
    '$argon2id$v=19$m=32768,t=2,p=1$/I3yQ1pCAx8CKyoTJU5zGQ$v+o20ttCAf7R3YmMxpiLBXzVSFN0CDyrOFCMBOhLWGg',
  'with more passes':
    '$argon2id$v=19$m=19456,t=3,p=1$q6ryYnomRLHuWqCi+Wb+mQ$TNUkPnakLx88owEO661X1jSeMtQIHxd7Sc2Rf4P0D/Y',
  'with more lanes':
    '$argon2id$v=19$m=19456,t=2,p=2$UQL457hG+6c/sR56uqYkeA$6j69Rr1SM7jl0m1pgEAewxVloCdseBX3ha8+fScywgw',
};

/** What no password verifies against. */
export const damagedHashes: Readonly<Record<string, string>> = {
  nothing: '',
  'a word': 'none',
  'a password as it is': 'a password that nobody would guess',
  bcrypt: '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW',
  'argon2id that is cut off': currentHash.slice(0, -1),
  'argon2id without salt': currentHash.replace('cuPiBq/RmTKEgBypJPEjwQ', ''),
  'argon2id without memory': currentHash.replace('m=19456', 'm=0'),
  'argon2id with more memory than there is': currentHash.replace('m=19456', 'm=4294967295'),
  'argon2id with passes for hours': currentHash.replace('t=2', 't=4294967295'),
  'argon2 of no kind': currentHash.replace('argon2id', 'argon2x'),
  'PBKDF2 without rounds': legacyHash.replace('29000', ''),
  'PBKDF2 with no round': legacyHash.replace('29000', '0'),
  'PBKDF2 with rounds for hours': legacyHash.replace('29000', '2147483647'),
  'PBKDF2 with more rounds than can be': legacyHash.replace('29000', '4294967296'),
  'PBKDF2 that is cut off': legacyHash.slice(0, -1),
  'PBKDF2 whose salt is cut off': legacyHash.replace('MAwA$', '$'),
  'PBKDF2 whose salt is no whole bytes': legacyHash.replace('wA$', '$').replace('$F8', '$F'),
  'PBKDF2 in another alphabet': legacyHash.replace('f2/t', 'f2+t'),
  'PBKDF2 of SHA-512': legacyHash.replace('sha256', 'sha512'),
  'PBKDF2 with a line feed': `${legacyHash}\n`,
};
