/**
 * The tables: entity tables made from declared fields, what is stored of a record, staged plans, history, snapshots, and publish,
 * the one transaction that makes a plan true. Nothing else in the product writes an entity table.
 */
package io.syncline.store;
