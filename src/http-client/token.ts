/** What names and methods are made of (RFC 9110 section 5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
