// The models of the benchmark on ns-3, with the scheduler that the fourth argument names.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <string>
#include <vector>

#include "ns3/core-module.h"

using namespace ns3;

static int64_t processor() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static std::vector<int64_t> increments(1 << 16);
static std::vector<EventId> pending;
static size_t next;
static uint64_t fired;
static bool cancels;

static Time increment() { return NanoSeconds(increments[++next % increments.size()]); }

static void beat(uint32_t i) {
    fired++;
    pending[i] = Simulator::Schedule(increment(), &beat, i);
    if (cancels && i % 2 == 0) {
        uint32_t victim = (uint64_t(i) * 7919 + 1) % pending.size();
        Simulator::Cancel(pending[victim]);
        pending[victim] = Simulator::Schedule(increment(), &beat, victim);
    }
}

static void run(double events) {
    Simulator::Stop(NanoSeconds(int64_t(1e9 * events / pending.size())));
    Simulator::Run();
}

static void hold(size_t n, double events) {
    uint64_t state = 1;
    for (auto& increment : increments) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        increment = int64_t(-1e9 * std::log((double(state >> 11) + 0.5) * 0x1p-53));
    }
    pending.resize(n);
    for (size_t i = 0; i < n; i++) pending[i] = Simulator::Schedule(increment(), &beat, uint32_t(i));
    run(3.0 * n);
    fired = 0;
    int64_t began = processor();
    run(events);
    std::printf("%llu %lld 0\n", (unsigned long long)fired, (long long)(processor() - began));
}

static Ptr<ExponentialRandomVariable> between, service;
static std::deque<int64_t> line;
static uint64_t served;
static double duration;

static void done() {
    fired++;
    served++;
    duration += double(Simulator::Now().GetNanoSeconds() - line.front());
    line.pop_front();
    if (!line.empty()) Simulator::Schedule(Seconds(service->GetValue()), &done);
}

static void arrival() {
    fired++;
    line.push_back(Simulator::Now().GetNanoSeconds());
    if (line.size() == 1) Simulator::Schedule(Seconds(service->GetValue()), &done);
    Simulator::Schedule(Seconds(between->GetValue()), &arrival);
}

static void mm1(double events) {
    between = CreateObject<ExponentialRandomVariable>();
    between->SetAttribute("Mean", DoubleValue(1));
    service = CreateObject<ExponentialRandomVariable>();
    service->SetAttribute("Mean", DoubleValue(0.8));
    Simulator::Schedule(Seconds(0), &arrival);
    Simulator::Stop(Seconds(events / 2));
    int64_t began = processor();
    Simulator::Run();
    std::printf("%llu %lld %.6f\n", (unsigned long long)fired, (long long)(processor() - began), duration / 1e9 / served);
}

int main(int, char** argv) {
    std::string model = argv[1];
    ObjectFactory scheduler;
    scheduler.SetTypeId(argv[4]);
    Simulator::SetScheduler(scheduler);
    cancels = model == "cancel";
    if (model == "mm1") mm1(std::atof(argv[3]));
    else hold(std::atol(argv[2]), std::atof(argv[3]));
    Simulator::Destroy();
}
