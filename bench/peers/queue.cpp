// The models of the benchmark on a bare std::priority_queue: no event objects, no dispatch, no clock to ask. Cancelled
// entries stay in the queue until they come up.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <queue>
#include <random>
#include <string>
#include <vector>

struct Key {
    int64_t at;
    uint64_t number; // in the order of scheduling, which decides between equal instants
    uint32_t beat;
    bool operator<(const Key& k) const { return at != k.at ? at > k.at : number > k.number; }
};

static std::priority_queue<Key> queue;
static uint64_t scheduled;
static int64_t now;

static uint64_t schedule(int64_t after, uint32_t beat) {
    queue.push({now + after, ++scheduled, beat});
    return scheduled;
}

static int64_t processor() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void hold(size_t n, double events, bool cancels) {
    std::vector<int64_t> increments(1 << 16);
    uint64_t state = 1;
    for (auto& increment : increments) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        increment = int64_t(-1e9 * std::log((double(state >> 11) + 0.5) * 0x1p-53));
    }
    size_t next = 0;
    auto increment = [&] { return increments[++next % increments.size()]; };
    std::vector<uint64_t> pending(n);
    for (size_t i = 0; i < n; i++) pending[i] = schedule(increment(), i);
    uint64_t fired = 0;
    auto run = [&](double events) {
        int64_t until = now + int64_t(1e9 * events / n);
        while (queue.top().at <= until) {
            Key k = queue.top();
            queue.pop();
            if (pending[k.beat] != k.number) continue;
            now = k.at;
            fired++;
            pending[k.beat] = schedule(increment(), k.beat);
            if (cancels && k.beat % 2 == 0) {
                uint32_t victim = (uint64_t(k.beat) * 7919 + 1) % n;
                pending[victim] = schedule(increment(), victim);
            }
        }
        now = until;
    };
    run(3.0 * n);
    fired = 0;
    int64_t began = processor();
    run(events);
    std::printf("%llu %lld 0\n", (unsigned long long)fired, (long long)(processor() - began));
}

static void mm1(double events) {
    std::mt19937_64 random(1);
    std::exponential_distribution<double> between(1), service(1 / 0.8);
    std::deque<int64_t> line;
    uint64_t fired = 0, served = 0;
    double duration = 0;
    const uint32_t arrival = 0, done = 1;
    schedule(0, arrival);
    int64_t began = processor(), until = int64_t(events * 1e9 / 2);
    while (queue.top().at <= until) {
        Key k = queue.top();
        queue.pop();
        now = k.at;
        fired++;
        if (k.beat == arrival) {
            line.push_back(now);
            if (line.size() == 1) schedule(int64_t(1e9 * service(random)), done);
            schedule(int64_t(1e9 * between(random)), arrival);
        } else {
            served++;
            duration += double(now - line.front());
            line.pop_front();
            if (!line.empty()) schedule(int64_t(1e9 * service(random)), done);
        }
    }
    std::printf("%llu %lld %.6f\n", (unsigned long long)fired, (long long)(processor() - began), duration / 1e9 / served);
}

int main(int, char** argv) {
    std::string model = argv[1];
    if (model == "mm1") mm1(std::atof(argv[3]));
    else hold(std::atol(argv[2]), std::atof(argv[3]), model == "cancel");
}
