/** A token, as header names and methods are (RFC 9110 section 5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
