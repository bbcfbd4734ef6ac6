/**
 * What simulated broadcasters post a second: 0.29 of the 5,889 of `npm run bench -- fanout` over HTTP/1.1, the slower of the two
 * protocols (docs/performance.md).
 */
export const POSTS_PER_SECOND_512_MB = 1_700;
