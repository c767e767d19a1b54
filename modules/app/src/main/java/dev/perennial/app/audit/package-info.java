/**
 * The audit trail: who did what to the installation, said in the log and on a topic. A line of the
 * log always, a record where Kafka takes it; nothing that is audited ever waits for either.
 */
@NullMarked
package dev.perennial.app.audit;

import org.jspecify.annotations.NullMarked;
