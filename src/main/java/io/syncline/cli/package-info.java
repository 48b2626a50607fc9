/**
 * {@code syncline …}: what the server can do is asked of the server over its API, as any program would; what only the owner of the host may do (keys after all
 * were lost, readers, backup, restore) works on the database itself. Every command says in its help what it needs, shows an example, and how it ends.
 */
package io.syncline.cli;
