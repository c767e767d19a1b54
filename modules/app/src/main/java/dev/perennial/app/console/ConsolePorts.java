package dev.perennial.app.console;

import dev.perennial.app.access.Callers;
import dev.perennial.app.admin.AdminCalls;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.app.console.change.ChangeMemory;
import dev.perennial.credentials.ExchangerReport;
import dev.perennial.domain.credential.Censuses;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the console stands on.
 *
 * @param calls what operators do, as over the API
 * @param callers who they are
 * @param memory what changed lately
 * @param censuses counts of all connections
 * @param exchangers how those that were heard of lately stand
 * @param audit takes down who signs in and out
 * @param nanoTime as {@link System#nanoTime}
 * @param random unpredictable: a {@link java.security.SecureRandom}
 */
public record ConsolePorts(
    AdminCalls calls,
    Callers callers,
    ChangeMemory memory,
    Censuses censuses,
    Supplier<List<ExchangerReport>> exchangers,
    AuditTrail audit,
    InstantSource clock,
    LongSupplier nanoTime,
    RandomGenerator random) {}
