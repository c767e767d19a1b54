package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness;
import java.util.List;

/** A role at work. */
interface RunningRole extends AutoCloseable {

  /** How it fares, for readiness. */
  List<Readiness.Check> checks();

  /** Finishes what it has begun, within the configured drain time, and begins nothing more. */
  @Override
  void close();
}
