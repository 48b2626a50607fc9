/**
 * Carries the outbox to the systems: claims what is due, has it sent or looked up, and notes what came of it. What the system answered becomes true in the next
 * publish; nothing here writes an entity table.
 */
package io.syncline.deliver;
