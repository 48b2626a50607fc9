/**
 * Who may come in: keys, tokens of an identity provider, sessions of a browser, one-time links, and roles of people who read by SQL. A {@link Caller} is a
 * name, an organisation and a role, whatever proved it; how often one may ask is measured here, too.
 */
package io.syncline.access;
