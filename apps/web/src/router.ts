import {createRouter, createWebHashHistory} from 'vue-router'
import {enter} from './api/start'
import {forgetKey, session} from './session'
import {t} from './i18n'

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    {path: '/', redirect: '/people'},
    {path: '/sign-in', name: 'sign_in', component: () => import('./pages/SignInPage.vue'), meta: {open: true}},
    {path: '/people', name: 'people', component: () => import('./pages/PeoplePage.vue')},
    {path: '/people/:subject(\\d+)', name: 'person', component: () => import('./pages/PersonPage.vue')},
    {path: '/enrol', name: 'enrol', component: () => import('./pages/EnrolPage.vue')},
    {path: '/identify', name: 'identify', component: () => import('./pages/IdentifyPage.vue')},
    {path: '/clusters', name: 'clusters', component: () => import('./pages/ClustersPage.vue')},
    {path: '/compare', name: 'compare', component: () => import('./pages/ComparePage.vue')},
    {path: '/liveness', name: 'liveness', component: () => import('./pages/LivenessPage.vue')},
    {path: '/calibration', name: 'calibration', component: () => import('./pages/CalibrationPage.vue')},
    {path: '/timeline', name: 'timeline', component: () => import('./pages/TimelinePage.vue')},
    {path: '/live', name: 'live', component: () => import('./pages/LivePage.vue')},
    {path: '/events', name: 'events', component: () => import('./pages/EventsPage.vue')},
    {path: '/webhooks', name: 'webhooks', component: () => import('./pages/WebhooksPage.vue')},
    {path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue')},
    {path: '/collections', name: 'collections', component: () => import('./pages/CollectionsPage.vue')},
    {path: '/keys', name: 'keys', component: () => import('./pages/KeysPage.vue')},
    {path: '/system', name: 'system', component: () => import('./pages/SystemPage.vue')},
    {path: '/:rest(.*)', redirect: '/people'}
  ]
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (session.key && !session.caller) {
    try {
      await enter()
    } catch {
      forgetKey()
    }
  }
  return session.caller ? true : {name: 'sign_in', query: to.path === '/people' ? {} : {to: to.fullPath}}
})
router.afterEach((to) => {
  document.title = `${t(`title.${String(to.name)}`)} · Vultus`
})
