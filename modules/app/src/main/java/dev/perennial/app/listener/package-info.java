/** What every HTTP listener of ours bears from its clients: how long, and how much. */
@NullMarked
package dev.perennial.app.listener;

import org.jspecify.annotations.NullMarked;
