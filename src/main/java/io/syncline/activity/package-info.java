/** Who did what, and when. What tables can tell themselves they write; the rest is noted here, in the transaction of what it tells. */
package io.syncline.activity;
