/**
 * The doors: REST shapes, problem documents, keys and roles. {@code openapi.yaml} declares every door and who may enter; {@link io.syncline.api.Gate}
 * lets nothing through that is not declared there, and nothing a client writes becomes a Camel header.
 */
package io.syncline.api;
