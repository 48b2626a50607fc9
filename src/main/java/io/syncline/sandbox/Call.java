package io.syncline.sandbox;

import java.time.Instant;

/**
 * One request that was answered, by its body where it writes. It holds no credentials.
 *
 * @param number from 1, in the order of the answers
 * @param at     by the sandbox's clock
 * @param query  raw, empty where there is none
 * @param status 0 when the connection was reset instead of an answer
 * @param fault  what was done to it, in the words of the script; null when nothing was
 * @param body   as it came; null where there is none and where it may hold a credential
 * @param effect whether anything is otherwise by it
 */
public record Call(long number, Instant at, String method, String path, String query, int status, String fault, String body, boolean effect) {
}
