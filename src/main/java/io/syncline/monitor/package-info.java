/** How it all stands, for those who watch: the state of each sync with its colour and why, and the figures that a Prometheus server collects. It changes nothing. */
package io.syncline.monitor;
