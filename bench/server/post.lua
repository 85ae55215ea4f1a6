-- For wrk: one picture as a form, again and again. The body and the key lie in files that run.py wrote.
local folder = os.getenv("VULTUS_BENCH_FOLDER")
local function text(name)
  local file = assert(io.open(folder .. "/" .. name, "rb"))
  local all = file:read("*a")
  file:close()
  return all
end

wrk.method = "POST"
wrk.body = text("body")
wrk.headers["Content-Type"] = "multipart/form-data; boundary=vultus-bench"
wrk.headers["Authorization"] = "Bearer " .. text("key")

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests": %d, "seconds": %.3f, "refused": %d, "broken": %d, ',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
  io.write(string.format('"p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f, "max_ms": %.2f}\n',
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
