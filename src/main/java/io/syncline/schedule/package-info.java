/**
 * Runs that come by themselves: when, and what is owed where the time came and another run was under way.
 * What a schedule is owed stands in PostgreSQL, so it survives the process whose clock struck.
 */
package io.syncline.schedule;
